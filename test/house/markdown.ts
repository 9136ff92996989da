/** Fenced blocks of a language in Markdown, in order. */
export function blocksOf(markdown: string, language: string): readonly string[] {
  return [...markdown.matchAll(new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'gms'))].map((m) => m[1] ?? '');
}

/** Blocks that are indented by four spaces, without these, in order. */
export function indentedBlocksOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/(?<=\n\n)(?:(?: {4}.*)?\n)+/g)].map(([block]) => block.replaceAll(/^ {4}/gm, ''));
}

/** A command line and what it prints, from a console block: `$ command`, then its output. */
export function sessionsOf(markdown: string): readonly { readonly command: string; readonly output: string }[] {
  return blocksOf(markdown, 'console').map((block) => {
    const [first = '', ...rest] = block.split('\n');
    return { command: first.replace(/^\$ /, ''), output: rest.join('\n') };
  });
}

/** Splits a command line into words as a shell does, with quotes and without anything else. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:'([^']*)'|"([^"]*)"|(\S+))(?:\s+|$)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
}
