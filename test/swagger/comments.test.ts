import t from 'tap';
import { joinParagraphs, parseComment, splitComment } from '../../swagger/comments.js';

const comments: readonly [name: string, comment: string, expected: string][] = [
  ['the space after each mark goes', ' One.\n Two.\n', 'One.\nTwo.'],
  ['further indentation stays', ' Code:\n     x = 1\n', 'Code:\n    x = 1'],
  ['lines without a space stay', 'One.\nTwo.\n', 'One.\nTwo.'],
  ['internal remarks go', ' One. (-- api-linter: x=y\n because. --)\n Two.\n', 'One.\nTwo.'],
  ['a comment of internal remarks is none', ' (-- x --)\n', ''],
  ['a cross-reference is its text', ' A [Book][a.v1.Book], or [Shelf][].', 'A Book, or Shelf.'],
  ['a link stays', ' A [site](https://example.com) [1].', 'A [site](https://example.com) [1].'],
  ['several empty lines are one', ' One.\n\n\n\n Two.', 'One.\n\nTwo.'],
  ['line ends of Windows are none of the text', ' One.\r\n Two.\r\n', 'One.\nTwo.'],
];

t.test('comments become CommonMark', async (t) => {
  for (const [name, comment, expected] of comments) t.equal(parseComment(comment), expected, name);
});

const splits: readonly [name: string, comment: string, summary: string, description: string][] = [
  ['the first paragraph is the summary', ' Gets\n a book.\n\n Or not.\n\n At all.\n', 'Gets a book', 'Or not.\n\nAt all.'],
  ['one paragraph is all summary', ' Gets a book\n', 'Gets a book', ''],
  ['an ellipsis is kept', ' Gets a book...', 'Gets a book...', ''],
  ['a summary is plain text', ' Gets `a`.\n\n And `b`.', 'Gets a', 'And `b`.'],
  ['no comment is neither', '', '', ''],
];

t.test('comments of methods are split', async (t) => {
  for (const [name, comment, summary, description] of splits) t.same(splitComment(comment), { summary, description }, name);
});

t.test('paragraphs are joined, and there may be none', async (t) => {
  t.equal(joinParagraphs('a', '', undefined, 'b'), 'a\n\nb');
  t.equal(joinParagraphs('', undefined), undefined);
});
