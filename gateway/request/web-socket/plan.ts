import { itemLimit } from '../../api/policy.js';
import { asGatewayError } from '../../exchange/as-error.js';
import { badRequest } from '../../exchange/errors.js';
import type { Outgoing } from '../../exchange/exchange.js';
import { callOptionsOf } from '../call-options.js';
import type { ItemSink, ItemSource } from '../items.js';
import type { Route } from '../route.js';
import { Upload, type UploadOwner } from '../upload.js';
import type { WebSocketAnswer } from './answer.js';
import { type FrameForm, frameFormOf } from './form.js';

/** A call of which everything but the client's messages is known, and right. */
export interface CallPlan {
  readonly form: FrameForm;
  /** Begins it, now or with the first message. */
  start(answer: WebSocketAnswer, items: ItemSource): void;
}

/** Largest message of a client, bytes. */
export function messageLimitOf({ binding, policy }: Route): number {
  return binding.method.clientStream ? itemLimit(policy) : policy.maxBody;
}

/** Checks everything that a handshake says, and lets it in. Throws what is wrong with it. */
export function planCall(route: Route, reply: Outgoing, protocol: 'json' | 'proto'): CallPlan {
  const { request } = reply;
  route.admit(request);
  const query = withoutMethod(request.query);
  const system = route.readSystemParameters(query);
  const form = frameFormOf(route, protocol, system);
  const options = callOptionsOf(route, reply, system?.key);
  const ofFields = system?.query ?? query;
  const { composer, invoker, binding } = route;
  if (route.accepts.nothing) return { form, start: startAtOnce(composer.compose(request.captures, ofFields, undefined)) };
  const compose = composer.composeEach(request.captures, ofFields);
  const messageOf = (item: Uint8Array) => compose(form.contentOf(item));
  return { form, start: binding.method.clientStream ? startStream : startWithFirst };

  function startAtOnce(message: Uint8Array): CallPlan['start'] {
    return (answer, items) => {
      answer.follow(invoker.unary(message, options, answer));
      items.start(new FewItems(0, answer, () => {}));
    };
  }

  function startStream(answer: WebSocketAnswer, items: ItemSource): void {
    const call = invoker.start(options, answer);
    answer.follow(call, new Upload(call, items, messageOf, route.policy.maxItems ?? Number.POSITIVE_INFINITY, answer));
  }

  function startWithFirst(answer: WebSocketAnswer, items: ItemSource): void {
    items.start(
      new FewItems(1, answer, (item) => {
        const message = item === undefined ? compose(undefined) : messageOf(item);
        answer.follow(invoker.unary(message, options, answer));
      }),
    );
  }
}

/** Takes one message, or none, of a client that has no more to say. */
class FewItems implements ItemSink {
  #count = 0;

  /** @param take called once: with the one there is, or undefined if none comes */
  constructor(
    private readonly most: 0 | 1,
    private readonly owner: UploadOwner,
    private readonly take: (item: Uint8Array | undefined) => void,
  ) {}

  item(bytes: Uint8Array): void {
    this.#count += 1;
    if (this.#count > this.most) this.owner.refuse(badRequest('', `This method takes ${this.most === 0 ? 'no message' : 'one message'}.`));
    else this.#give(bytes);
  }

  end(): void {
    if (this.#count < this.most) this.#give(undefined);
  }

  fail(error: unknown): void {
    this.owner.refuse(asGatewayError(error));
  }

  #give(item: Uint8Array | undefined): void {
    try {
      this.take(item);
    } catch (e) {
      this.fail(e);
    }
  }
}

/** The query without `$method`, which has chosen the rule. */
function withoutMethod(query: string): string {
  if (!query.includes('method')) return query;
  return query
    .split('&')
    .filter((pair) => !/^(?:\$|%24)method(?:=|$)/i.test(pair))
    .join('&');
}
