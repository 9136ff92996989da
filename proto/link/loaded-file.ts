import type { FileDescriptor } from '../descriptor/descriptor.js';

/** One proto file as one source has it. */
export interface LoadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Without source info. */
  readonly descriptor: FileDescriptor;
  readonly origin: string;
  readonly fallback: boolean;
  /** Every source that has it says which services it has (`SourceFiles.offer`): one that nobody names is only declared. */
  readonly offered: boolean;
}
