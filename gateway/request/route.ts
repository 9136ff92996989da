import type { Binding } from '../../annotations/binding.js';
import type { Codec, Sink } from '../../proto/json/codec.js';
import type { MethodType, Schema } from '../../proto/schema.js';
import { type Admit, compileAdmission, compileSiteAdmission } from '../admission/admit.js';
import { messageLimit, type Policy, timeLimit } from '../api/policy.js';
import { type Config, jsonSettings, metadataSettings, requestSettings } from '../config/config.js';
import { type Composer, compileComposer } from '../transcode/compose.js';
import { type Accepts, acceptsOf } from '../transcode/content.js';
import { compileDetails } from '../transcode/details.js';
import { needsEnvelope } from '../transcode/framing.js';
import { withGoTexts } from '../transcode/go-texts.js';
import { compileMetadata, compileReplyMetadata, forwards, type MetadataReader, type ReplyMetadata } from '../transcode/metadata.js';
import { compileForms, type FormChooser } from '../transcode/reply.js';
import { compileSystemParameters, type SystemParameterReader } from '../transcode/system-parameters.js';
import type { Invoker } from '../upstream/call.js';
import type { CallPolicy } from '../upstream/upstream.js';
import { createMetadataFrames, type MetadataFrames } from './web-socket/metadata-frames.js';

/** Everything a request of one binding needs, made when the generation is built. */
export interface Route {
  readonly binding: Binding;
  readonly policy: Policy;
  readonly admit: Admit;
  /** The part of it that needs no metadata. */
  readonly admitSite: Admit;
  /** What the body may be. */
  readonly accepts: Accepts;
  readonly readSystemParameters: SystemParameterReader;
  readonly chooseForm: FormChooser;
  readonly composer: Composer;
  readonly readMetadata: MetadataReader;
  /** It leaves out what gRPC cannot carry. */
  readonly dropsHeaders: boolean;
  /** Reads metadata that comes as the first message of a WebSocket. */
  readonly metadataFrames: MetadataFrames;
  /** The names of uploaded files go to the upstream. */
  readonly fileNames: boolean;
  readonly invoker: Invoker;
  /** The details of a serialized google.rpc.Status, each as JSON text. */
  readonly printDetails: (status: Uint8Array | undefined) => readonly string[];
  readonly replyMetadata: ReplyMetadata;
  /** Longest wait for a stream's first item before its headers leave, ms. */
  readonly headerDelayMs: number;
  /** Longest silence of server-sent events, ms; 0 = they say nothing while there is no item. */
  readonly heartbeatMs: number;
  /** The upstream gets the `Last-Event-ID` of clients. */
  readonly resumes: boolean;
  /** Longest time of a call, whatever its client wants, ms; Infinity = none. */
  readonly deadlineMs: number;
  readonly fault: FaultSink;
}

/** Takes exceptions that nobody expected, and which call they hit. */
export type FaultSink = (error: unknown, call: { readonly rpc?: string; readonly requestId?: string }) => void;

/** Where the calls of a policy's methods go. */
export type InvokerOf = (method: MethodType, policy: CallPolicy & { readonly upstream: string }) => Invoker;

/** Compiles the routes of one schema; what they have in common is made once. */
export function createRouteCompiler(
  schema: Schema,
  codec: Codec,
  config: Config,
  invokerOf: InvokerOf,
  fault: FaultSink,
): (binding: Binding, policy: Policy) => Route {
  const sink: Sink = codec.createSink();
  const invokers = new Map<string, Invoker>();
  const goTexts = withGoTexts(codec);
  const { patchMask, systemParameters } = requestSettings(config);
  const json = jsonSettings(config);
  const metadata = metadataSettings(config);
  const admit = compileAdmission(config);
  const admitSite = compileSiteAdmission(config);
  const metadataFrames = createMetadataFrames([...metadata.webSocket, ...(metadata.forwardPrefixed ? ['grpc-metadata-*'] : [])]);
  const readMetadata = compileMetadata(metadata);
  const resumes = forwards(metadata, 'last-event-id');
  const replyMetadata = compileReplyMetadata(metadata);
  const printDetails = compileDetails(schema, codec);

  const methodInvoker = (method: MethodType, policy: Policy): Invoker => {
    const known = invokers.get(method.name) ?? invokerOf(method, { upstream: policy.upstream, maxReply: messageLimit(method, policy) });
    invokers.set(method.name, known);
    return known;
  };

  return function compileRoute(binding, policy) {
    const { unknown, pathConflict, queryLists, masks, emptyString, mediaTypes, extraBody, texts, streamForm } = policy;
    const always = policy.streamEnvelope === 'always';
    const envelope = always || needsEnvelope(binding);
    return {
      binding,
      policy,
      admit,
      admitSite,
      metadataFrames,
      accepts: acceptsOf(binding, { mediaTypes, extraBody }),
      readSystemParameters: compileSystemParameters(binding.method.input, systemParameters),
      chooseForm: compileForms(binding, codec, sink, {
        ...{ json, enumNumbers: json.enums === 'number', envelope, streamForm, mediaTypes },
        events: { envelope: always, retryMs: config.streams.retryMs },
        limit: messageLimit(binding.method, policy),
      }),
      composer: compileComposer(binding, texts === 'go' ? goTexts : codec, sink, {
        unknown,
        pathConflict,
        queryLists,
        masks,
        emptyString,
        patchMask,
      }),
      readMetadata,
      dropsHeaders: metadata.nonAscii === 'drop',
      fileNames: metadata.fileNames,
      invoker: methodInvoker(binding.method, policy),
      printDetails: (status) => printDetails(status, policy.maxDetails),
      replyMetadata,
      headerDelayMs: config.streams.headerDelayMs,
      heartbeatMs: config.streams.heartbeatMs,
      resumes,
      deadlineMs: timeLimit(binding.method, policy),
      fault,
    };
  };
}
