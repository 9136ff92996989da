import { test } from 'tap';
import { compileProtos } from '../../../proto/text/compile.js';
import { readVendored } from './oracle.js';
import { type Case, languageCases, messageCases, nameCases, optionCases, syntaxCases } from './refused-cases.js';

const tables: Readonly<Record<string, readonly Case[]>> = {
  'the text does not follow the grammar': syntaxCases,
  'names do not resolve or are taken': nameCases,
  'a message or enum is not sound': messageCases,
  'the syntax or edition does not have it': languageCases,
  'an option has no meaning': optionCases,
};

for (const [title, cases] of Object.entries(tables)) {
  test(`refused with its position, since ${title}`, async (t) => {
    for (const [what, source, at] of cases) {
      const result = compileProtos([{ name: 'test.proto', text: source }], { read: readVendored, missing: () => 'is not found' });
      const [problem] = result.ok ? [] : result.problems;
      t.equal(`${problem?.line}:${problem?.column}`, at, what);
      t.equal(problem?.file, 'test.proto');
      t.not(problem?.reason ?? '', '', 'and with a reason');
    }
  });
}
