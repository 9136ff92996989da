import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Test } from 'tap';
import { createUpstream } from '../../../../gateway/upstream/create.js';
import { WireReader } from '../../../../proto/wire/reader.js';
import { WireWriter } from '../../../../proto/wire/writer.js';
import { Recorder } from '../../upstream/contract/recorder.js';
import { deadPort } from '../../upstream/contract/server.js';

/** Whether there is one to start. */
export function hasEtcd(): boolean {
  try {
    execFileSync('etcd', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A real etcd with a folder of its own. */
export class Etcd {
  private process: ChildProcess | undefined;
  private constructor(
    readonly address: string,
    private readonly args: readonly string[],
  ) {}

  static async start(t: Test): Promise<Etcd> {
    const address = `127.0.0.1:${await deadPort()}`;
    const peer = `http://127.0.0.1:${await deadPort()}`;
    const [data, url] = [join(t.testdir(), 'data'), `http://${address}`];
    const peers = ['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`];
    const etcd = new Etcd(address, ['--data-dir', data, '--listen-client-urls', url, '--advertise-client-urls', url, ...peers]);
    t.teardown(() => etcd.kill());
    await etcd.run();
    return etcd;
  }

  async run(): Promise<void> {
    this.process = spawn('etcd', this.args, { stdio: 'ignore' });
    while ((await this.call('KV/Range', new WireWriter().bytesField(1, 'x').finish())) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }

  async kill(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (process === undefined) return;
    const exit = once(process, 'exit');
    process.kill('SIGKILL');
    await exit;
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.process?.kill(name);
  }

  /** Under a lease that lapses after so many seconds, if one is given. */
  async put(key: string, value: string, ttl?: number): Promise<void> {
    const out = new WireWriter().bytesField(1, key).bytesField(2, value);
    if (ttl !== undefined) out.varintField(3, await this.lease(ttl));
    await this.call('KV/Put', out.finish());
  }

  async delete(key: string): Promise<void> {
    await this.call('KV/DeleteRange', new WireWriter().bytesField(1, key).finish());
  }

  /** Forgets all history. */
  async compact(): Promise<void> {
    const answer = new WireReader((await this.call('KV/Range', new WireWriter().bytesField(1, 'x').finish())) ?? Buffer.alloc(0));
    answer.tag();
    const header = new WireReader(answer.view());
    for (let tag = header.tag(); tag >>> 3 !== 3; tag = header.tag()) header.skip(tag);
    await this.call('KV/Compact', new WireWriter().varintField(1, header.uint64()).varintField(2, true).finish());
  }

  private async lease(ttl: number): Promise<bigint> {
    const answer = new WireReader((await this.call('Lease/LeaseGrant', new WireWriter().varintField(1, ttl).finish())) ?? Buffer.alloc(0));
    for (let tag = answer.tag(); tag >>> 3 !== 2; tag = answer.tag()) answer.skip(tag);
    return answer.uint64();
  }

  private async call(method: string, request: Uint8Array): Promise<Uint8Array | undefined> {
    const upstream = createUpstream({ name: 'etcd', target: { address: this.address, tls: false } });
    const r = new Recorder();
    upstream
      .invoker({ path: `/etcdserverpb.${method}`, serverStream: false }, { maxReply: 1e6 })
      .unary(request, { metadata: [], deadline: performance.now() + 5000 }, r)
      .pull(1);
    await r.ended;
    await upstream.close(0);
    return r.messages[0];
  }
}
