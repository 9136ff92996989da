import { type Static, Type } from 'typebox';

/** What holds where neither the file nor a preset says otherwise. */
export const ruleDefaults: Required<RuleSettings> = { conflicts: 'error' };

/** How HTTP rules are read. They have a `fallback`, not a `default`: a preset may set them. */
export const ruleKeys = {
  conflicts: Type.Optional(
    Type.Enum(['error', 'first', 'last'], {
      fallback: 'error',
      description:
        'Two rules for the same method and path stop the start (`error`), or the `first` or the `last` one, in order of files and lines, is served, with a warning of each other one.',
    }),
  ),
};

const settings = Type.Object(ruleKeys);

/** See {@link ruleKeys}. */
export type RuleSettings = Readonly<Static<typeof settings>>;
