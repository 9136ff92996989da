import t from 'tap';
import { parse } from 'yaml';
import { documentYaml } from '../../swagger/yaml.js';
import { library } from './library.js';
import { sampleOf } from './sample.js';

const yamlOf = (value: unknown) => new TextDecoder().decode(documentYaml(new TextEncoder().encode(JSON.stringify(value))));

t.test('YAML says what the JSON says', async (t) => {
  const { json, text } = sampleOf(library);
  const yaml = new TextDecoder().decode(documentYaml(new TextEncoder().encode(text)));
  t.same(parse(yaml), json);
  t.same(parse(yaml, { version: '1.1' }), json, 'to a reader of YAML 1.1 too');
  t.notMatch(yaml, /: &|\*a/, 'nothing is an alias');
});

t.test('words that YAML 1.1 reads as something else are quoted', async (t) => {
  const words = ['NO', 'yes', 'on', 'Off', 'y', 'N', 'null', '~', '1', '1.0', '0x1', '012', '1:30', '2025-01-31', '', '.inf'];
  t.same(parse(yamlOf(words), { version: '1.1' }), words);
  t.same(parse(yamlOf(words)), words);
});

t.test('long lines stay one line', async (t) => {
  const text = 'word '.repeat(100).trim();
  t.equal(yamlOf({ text }), `text: ${text}\n`);
});
