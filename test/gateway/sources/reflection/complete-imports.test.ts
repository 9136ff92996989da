import { test } from 'tap';
import { completeImports, type Files } from '../../../../gateway/sources/reflection/complete-imports.js';
import type { FieldDescriptor, FileDescriptor } from '../../../../proto/descriptor/descriptor.js';
import { readFileDescriptor } from '../../../../proto/descriptor/read.js';
import { field, fileBytes, message } from '../../../support/descriptor.js';

const official = async () => [fileBytes('google/protobuf/empty.proto', { package: 'google.protobuf', messageType: [message('Empty')] })];

function filesOf(parts: Readonly<Record<string, Partial<FileDescriptor>>>): Files {
  return new Map(Object.entries(parts).map(([name, part]) => [name, fileBytes(name, part)]));
}

const reference = (typeName: string): FieldDescriptor => field('f', 1, { typeName });
const money = { package: 'money', messageType: [message('Money')] };

async function importsAfter(files: Files): Promise<Readonly<Record<string, readonly string[]>>> {
  const completed = await completeImports(files, official);
  return Object.fromEntries([...completed].map(([name, bytes]) => [name, readFileDescriptor(bytes).dependency]));
}

test('what a file names without importing it is imported, however it is named', async (t) => {
  for (const name of ['.money.Money', 'money.Money']) {
    const shop = { package: 'shop', messageType: [message('Item', reference(name))] };
    t.strictSame(await importsAfter(filesOf({ 'shop.proto': shop, 'money.proto': money })), {
      'shop.proto': ['money.proto'],
      'money.proto': [],
    });
  }
  const method = { name: 'Get', inputType: '.money.Money', outputType: 'Money' };
  t.strictSame(
    await importsAfter(filesOf({ 'shop.proto': { package: 'shop', service: [{ name: 'S', method: [method] }] }, 'money.proto': money })),
    { 'shop.proto': ['money.proto'], 'money.proto': [] },
  );
});

test('the innermost scope that has a name counts', async (t) => {
  const inner = { package: 'shop.money', messageType: [message('Money')] };
  const shop = { package: 'shop', messageType: [{ ...message('Item', reference('money.Money')), nestedType: [message('Money')] }] };
  t.strictSame(await importsAfter(filesOf({ 'shop.proto': shop, 'money.proto': money, 'inner.proto': inner })), {
    'shop.proto': ['inner.proto'],
    'money.proto': [],
    'inner.proto': [],
  });
});

test('official files take the place of what a server made of them', async (t) => {
  const shop = { package: 'shop', messageType: [message('Item', reference('google.protobuf.Empty'))] };
  const own = { package: 'google.protobuf', messageType: [message('Empty')] };
  const expected = { 'shop.proto': ['google/protobuf/empty.proto'] };
  t.strictSame(await importsAfter(filesOf({ 'shop.proto': shop, 'google_protobuf.proto': own })), expected);
  t.strictSame(await importsAfter(filesOf({ 'shop.proto': shop })), expected, 'also where it has nothing of them');
});

test('files that import what they name stay as they are', async (t) => {
  const direct = { package: 'shop', dependency: ['money.proto'], messageType: [message('Item', reference('.money.Money'))] };
  const publicly = { dependency: ['money.proto'], publicDependency: [0] };
  const indirect = { package: 'shop', dependency: ['all.proto'], messageType: [message('Item', reference('.money.Money'))] };
  const absent = { package: 'shop', dependency: ['absent.proto'], messageType: [message('Item', reference('.absent.Type'))] };
  for (const files of [
    filesOf({ 'shop.proto': direct, 'money.proto': money }),
    filesOf({ 'shop.proto': indirect, 'all.proto': publicly, 'money.proto': money }),
    filesOf({ 'shop.proto': absent }),
  ])
    t.equal(await completeImports(files, official), files);
});
