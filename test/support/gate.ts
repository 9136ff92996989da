import type { Message, Received, UnaryHandler } from './backend.js';

/** Calls that wait until they are let go. */
export class Gate {
  readonly calls: Received[] = [];

  constructor(private readonly reply: Message = { name: 'notes/1' }) {}

  open: () => void = () => {};
  private readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });

  readonly unary: UnaryHandler = async (call) => {
    this.calls.push(call);
    await Promise.race([this.opened, call.cancelled]);
    return this.reply;
  };
}
