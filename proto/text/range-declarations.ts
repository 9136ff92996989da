/** What an extension range says of one extension (ExtensionRangeOptions.Declaration). */
export interface Declaration {
  readonly number: number;
  readonly fullName: string | undefined;
  readonly type: string | undefined;
  readonly reserved: boolean;
  readonly repeated: boolean;
}

/** What the options of an extension range say of its extensions, those options that are for compilers only included. */
export interface RangeDeclarations {
  readonly declarations: readonly Declaration[];
  /** ExtensionRangeOptions.VerificationState. */
  readonly verification: 'declaration' | 'unverified' | undefined;
}
