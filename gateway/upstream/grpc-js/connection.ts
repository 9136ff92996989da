import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Channel, type ChannelOptions, connectivityState } from '@grpc/grpc-js';
import { DEFAULT_IDLE_TIMEOUT_MS, type Endpoint, type LaneOptions, type Transport } from '../call.js';
import { authorityOf, serverOf, tlsOptions } from '../tls.js';
import { type Attempts, LaneCredentials } from './credentials.js';

/** Between attempts, ms; grpc-js adds up to 20 %. A server that is back is used again within a second. */
const BACKOFF_MIN_MS = 100;
const BACKOFF_MAX_MS = 800;

/**
 * One grpc-js channel, replaced by a new one when an attempt to connect takes longer than `connectTimeoutMs`: that is the only way to make
 * grpc-js give up an attempt. While none has succeeded since, calls fail at once; attempts go on as long as calls keep coming.
 */
export class Connection {
  private channel: Channel;
  private readonly tls: ConnectionOptions | undefined;
  private readonly handshaking = new Set<Socket>();
  private timer: NodeJS.Timeout | undefined;
  private timedOut = false;
  private wanted = false;
  private closed = false;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: LaneOptions,
  ) {
    this.tls = options.tls === undefined ? undefined : tlsOptions(options.tls, serverOf(endpoint));
    this.channel = this.open();
  }

  get state(): Transport['state'] {
    if (this.closed || this.timedOut) return 'failed';
    switch (this.channel.getConnectivityState(false)) {
      case connectivityState.IDLE:
        return 'idle';
      case connectivityState.CONNECTING:
        return 'connecting';
      case connectivityState.READY:
        return 'ready';
      default:
        return 'failed';
    }
  }

  /** For a call that starts now; undefined: connecting takes too long, the call must fail at once. */
  use(): Channel | undefined {
    this.wanted = true;
    return this.timedOut ? undefined : this.channel;
  }

  /** Calls in progress go on, calls that wait for a connection fail. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.dropHandshakes();
    this.channel.close();
  }

  private open(): Channel {
    const attempts: Attempts = {
      // In a lasting failure the channel's state does not tell one attempt from the next.
      attempt: () => {
        if (!this.closed && channel === this.channel && this.state === 'failed')
          this.arm(Math.max(this.options.connectTimeoutMs, 2 * BACKOFF_MAX_MS));
      },
      // An attempt whose channel was closed or replaced in the meantime.
      handshake: (socket) => {
        if (this.closed || channel !== this.channel) socket.destroy();
        else this.handshaking.add(socket);
      },
    };
    const channel = new Channel(
      `dns:${this.endpoint.address}`,
      new LaneCredentials(this.tls, attempts),
      channelOptions(this.endpoint, this.options),
    );
    this.watch(channel);
    return channel;
  }

  private watch(channel: Channel): void {
    channel.watchConnectivityState(channel.getConnectivityState(false), Number.POSITIVE_INFINITY, () => {
      if (channel !== this.channel || this.closed) return;
      this.changed(channel.getConnectivityState(false));
      this.watch(channel);
    });
  }

  private changed(state: connectivityState): void {
    clearTimeout(this.timer);
    if (state === connectivityState.CONNECTING) this.arm(this.options.connectTimeoutMs);
    if (state === connectivityState.TRANSIENT_FAILURE) this.options.onFailure?.();
    if (state !== connectivityState.READY) return;
    this.timedOut = false;
    this.handshaking.clear();
    this.options.onConnect?.();
  }

  private arm(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.replace(), ms).unref();
  }

  /** Closing a channel ends the calls that wait for its connection. */
  private replace(): void {
    const old = this.channel;
    this.dropHandshakes();
    this.channel = this.open();
    this.timedOut = this.wanted;
    this.options.onFailure?.();
    if (this.wanted) this.channel.getConnectivityState(true);
    this.wanted = false;
    old.close();
  }

  private dropHandshakes(): void {
    for (const socket of this.handshaking) socket.destroy();
    this.handshaking.clear();
  }
}

function channelOptions(endpoint: Endpoint, o: LaneOptions): ChannelOptions {
  return {
    'grpc.max_receive_message_length': o.maxMessage,
    'grpc.max_send_message_length': -1,
    'grpc.initial_reconnect_backoff_ms': BACKOFF_MIN_MS,
    'grpc.max_reconnect_backoff_ms': BACKOFF_MAX_MS,
    'grpc.dns_min_time_between_resolutions_ms': 1000,
    // Configuration comes from the operator only: not from DNS, not from proxy variables of the environment.
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_http_proxy': 0,
    'grpc.enable_channelz': 0,
    ...(endpoint.name === undefined ? {} : { 'grpc.default_authority': authorityOf(endpoint) }),
    'grpc.client_idle_timeout_ms': o.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS,
    ...(o.keepAlive === undefined
      ? {}
      : { 'grpc.keepalive_time_ms': o.keepAlive.intervalMs, 'grpc.keepalive_timeout_ms': o.keepAlive.timeoutMs }),
    // The connection belongs to this transport alone, and goes when it does.
    'grpc.use_local_subchannel_pool': 1,
  };
}
