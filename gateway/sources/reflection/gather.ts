import type { FileDescriptor, MessageDescriptor } from '../../../proto/descriptor/descriptor.js';
import { readFileWithoutSource } from '../../../proto/descriptor/read.js';
import { MAX_REFLECTED_FILES, MAX_REFLECTED_SERVICES } from '../limits.js';
import type { Conversation } from './conversation.js';
import { printable, ReflectionFailure, statusText } from './failure.js';
import type { Question } from './messages.js';

/** What a server says of itself. */
export interface Gathered {
  /** Import name -> serialized FileDescriptorProto: the files of the services, and of their imports those that the server has. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The wanted services that are in the files, in order of their names. */
  readonly services: readonly string[];
  /** Wanted services that the server lists but does not describe, and why. */
  readonly lacking: ReadonlyMap<string, string>;
}

/** Questions that are open at a time: enough to hide the way there and back. */
const WINDOW = 16;

/** Asks for the services, then for their files, for what these import, and for extensions of their messages. Rejects with {@link ReflectionFailure}. */
export async function gather(conversation: Conversation, isWanted: (service: string) => boolean): Promise<Gathered> {
  const wanted = wantedOf(await listServices(conversation), isWanted);
  const collection = new Collection(conversation);
  await each(wanted, (name) => collection.addService(name));
  await collection.addImports();
  await attemptExtensions(collection);
  return collection.result(wanted);
}

/** A server that gives up when it is asked for extensions has answered everything else. */
async function attemptExtensions(collection: Collection): Promise<void> {
  try {
    await collection.addExtensions();
  } catch (error) {
    if (!(error instanceof ReflectionFailure) || error.status?.origin !== 'upstream') throw error;
  }
}

async function listServices(conversation: Conversation): Promise<readonly string[]> {
  const answer = await conversation.ask({ kind: 'services' });
  if (answer.kind === 'services') return answer.names;
  if (answer.kind === 'error') throw new ReflectionFailure(`it does not list its services (${statusText(answer)})`);
  throw new ReflectionFailure('it answers something else than the list of services');
}

function wantedOf(listed: readonly string[], isWanted: (service: string) => boolean): readonly string[] {
  if (listed.length > MAX_REFLECTED_SERVICES)
    throw new ReflectionFailure(`it lists ${listed.length} services, the limit is ${MAX_REFLECTED_SERVICES}`);
  const wanted = [...new Set(listed)].filter(isWanted).sort();
  if (wanted.length > 0) return wanted;
  if (listed.length === 0) throw new ReflectionFailure('it lists no service: are they registered?');
  const others = `${listed.slice(0, 5).map(printable).join(', ')}${listed.length > 5 ? '...' : ''}`;
  const advice = listed.every((name) => name.startsWith('grpc.'))
    ? 'are the others registered for reflection?'
    : 'does reflection.services say what is meant?';
  throw new ReflectionFailure(`it lists none that is wanted, only ${others}: ${advice}`);
}

/** Does something for each item, for a few at a time. */
async function each<T>(items: Iterable<T>, step: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const work = async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await step(next.value);
  };
  await Promise.all(Array.from({ length: WINDOW }, work));
}

interface Collected {
  readonly bytes: Uint8Array;
  readonly descriptor: FileDescriptor;
}

class Collection {
  readonly #conversation: Conversation;
  readonly #files = new Map<string, Collected>();
  readonly #declared = new Set<string>();
  readonly #lacking = new Map<string, string>();
  /** Files and extended messages that were asked for, whatever came of it. */
  readonly #asked = new Set<string>();

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  async addService(name: string): Promise<void> {
    if (this.#declared.has(name)) return;
    const refused = await this.#addFiles({ kind: 'symbol', name });
    if (!this.#declared.has(name)) this.#lacking.set(name, refused ?? 'the file it names does not declare it');
  }

  /** Until there is nothing more to ask for. What the server does not have, others may. */
  async addImports(): Promise<void> {
    for (;;) {
      const missing = [...this.#files.values()].flatMap(({ descriptor }) => descriptor.dependency).filter((name) => this.#isNew(name));
      if (missing.length === 0) return;
      await each(missing, async (name) => {
        await this.#addFiles({ kind: 'file', name });
      });
    }
  }

  /**
   * Extensions of the messages that can have some, which may be declared in files that nobody imports. Those of descriptor.proto are options,
   * of which the files themselves import the declarations. Many servers cannot answer; then there are none.
   */
  async addExtensions(): Promise<void> {
    for (;;) {
      const messages = [...this.#files].flatMap(([name, { descriptor }]) => (name === DESCRIPTOR ? [] : extendable(descriptor)));
      const fresh = messages.filter((name) => this.#isNew(`.${name}`));
      if (fresh.length === 0) return;
      await each(fresh, (name) => this.#addExtensionsOf(name));
      await this.addImports();
    }
  }

  result(wanted: readonly string[]): Gathered {
    const files = new Map([...this.#files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { bytes }]) => [name, bytes]));
    const services = wanted.filter((name) => this.#declared.has(name));
    if (services.length > 0) return { files, services, lacking: this.#lacking };
    const [[name = '', why = ''] = []] = this.#lacking;
    throw new ReflectionFailure(`it describes none of the services that it lists, such as ${printable(name)} (${why})`);
  }

  async #addExtensionsOf(message: string): Promise<void> {
    const answer = await this.#conversation.ask({ kind: 'extensions', of: message });
    const known = new Set([...this.#files.values()].flatMap(({ descriptor }) => extensionsOf(descriptor, `.${message}`)));
    const numbers = answer.kind === 'numbers' ? answer.numbers.filter((number) => !known.has(number)) : [];
    if (numbers.length > MAX_REFLECTED_FILES) throw new ReflectionFailure(`it names ${numbers.length} extensions of ${printable(message)}`);
    await each(numbers, async (number) => {
      await this.#addFiles({ kind: 'extension', of: message, number });
    });
  }

  /** Adds the files of an answer; why there are none if the server refuses. */
  async #addFiles(question: Question): Promise<string | undefined> {
    const answer = await this.#conversation.ask(question);
    if (answer.kind === 'error') return statusText(answer);
    if (answer.kind !== 'files') throw new ReflectionFailure('it answers something else than the files it was asked for');
    for (const bytes of answer.files) this.#add(bytes);
    return undefined;
  }

  #add(bytes: Uint8Array): void {
    const descriptor = readDescriptor(bytes);
    const { name = '' } = descriptor;
    const known = this.#files.get(name);
    if (known !== undefined) {
      if (Buffer.compare(known.bytes, bytes) !== 0) throw new ReflectionFailure(`it sends two versions of ${printable(name)}`);
      return;
    }
    this.#files.set(name, { bytes, descriptor });
    if (this.#files.size > MAX_REFLECTED_FILES)
      throw new ReflectionFailure(`it has more than ${MAX_REFLECTED_FILES} files, which is the limit`);
    for (const service of descriptor.service) this.#declared.add(qualified(descriptor.package, service.name));
  }

  #isNew(name: string): boolean {
    if (this.#files.has(name) || this.#asked.has(name)) return false;
    this.#asked.add(name);
    return true;
  }
}

const DESCRIPTOR = 'google/protobuf/descriptor.proto';

function readDescriptor(bytes: Uint8Array): FileDescriptor {
  try {
    const descriptor = readFileWithoutSource(bytes);
    if (descriptor.name) return descriptor;
  } catch (error) {
    throw new ReflectionFailure(
      `it sends a file that is no FileDescriptorProto: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  throw new ReflectionFailure('it sends a file without a name');
}

function qualified(scope: string | undefined, name = ''): string {
  return scope ? `${scope}.${name}` : name;
}

/** Full names of the messages of a file that have extension ranges. */
function extendable(file: FileDescriptor): readonly string[] {
  const search = (messages: readonly MessageDescriptor[], scope: string | undefined): string[] =>
    messages.flatMap((message) => {
      const name = qualified(scope, message.name);
      return [...(message.extensionRange.length > 0 ? [name] : []), ...search(message.nestedType, name)];
    });
  return search(file.messageType, file.package);
}

/** Numbers of the extensions of a message, by its absolute name, that a file declares. */
function extensionsOf(file: FileDescriptor, extendee: string): readonly number[] {
  const search = (scope: Pick<MessageDescriptor, 'extension'>, nested: readonly MessageDescriptor[]): number[] => [
    ...scope.extension.filter((field) => field.extendee === extendee).map((field) => field.number ?? 0),
    ...nested.flatMap((message) => search(message, message.nestedType)),
  ];
  return search(file, file.messageType);
}
