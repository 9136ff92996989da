import type { Call, CallEvents, CallOptions, Invoker, Status } from '../../upstream/call.js';
import { ReflectionFailure } from './failure.js';
import { type Answer, parseAnswer, printQuestion, type Question } from './messages.js';

/** A server that has answered everything has this long to end the stream, ms. */
const FAREWELL_MS = 500;

interface Waiting {
  resolve(answer: Answer): void;
  reject(failure: ReflectionFailure): void;
}

/**
 * One ServerReflectionInfo stream, so that everything on it comes from one server. Answers come in the order of the questions; several may be
 * open at a time. Whatever goes wrong ends it, and every question then rejects with the same {@link ReflectionFailure}.
 */
export class Conversation implements CallEvents {
  /** The server has answered at least once. */
  answered = false;
  readonly #call: Call;
  readonly #waiting: Waiting[] = [];
  readonly #maxBytes: number;
  #bytes = 0;
  #failure: ReflectionFailure | undefined;
  readonly #ended: Promise<void>;
  #end: () => void = () => {};

  /** @param maxBytes of all answers together */
  constructor(invoker: Invoker, options: CallOptions, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#call = invoker.start(options, this);
    this.#call.pull(1);
  }

  ask(question: Question): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#call.send(printQuestion(question));
    });
  }

  /** Ends the stream, politely if nothing is open. */
  async close(): Promise<void> {
    this.#call.halfClose();
    const timer = setTimeout(() => this.#call.cancel('client'), this.#waiting.length === 0 ? FAREWELL_MS : 0);
    await this.#ended;
    clearTimeout(timer);
  }

  headers(): void {}

  drain(): void {}

  message(bytes: Uint8Array): void {
    this.answered = true;
    this.#bytes += bytes.length;
    if (this.#bytes > this.#maxBytes) this.#fail(`its descriptors have more than ${this.#maxBytes} bytes, which is the limit`);
    else if (this.#waiting.length === 0) this.#fail('it says more than it was asked');
    else this.#answer(bytes);
  }

  end(status: Status): void {
    this.#failure ??= new ReflectionFailure(status.code === 0 ? 'it ended the stream before it had answered' : '', status);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
    this.#end();
  }

  #answer(bytes: Uint8Array): void {
    try {
      const answer = parseAnswer(bytes);
      this.#waiting.shift()?.resolve(answer);
      this.#call.pull(1);
    } catch (error) {
      this.#fail(`it answers with bytes that are no ServerReflectionResponse: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #fail(reason: string): void {
    this.#failure ??= new ReflectionFailure(reason);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
    this.#call.cancel('client');
  }
}
