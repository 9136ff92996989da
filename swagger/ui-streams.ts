/** When the page stops to read a stream by itself. */
export const streamLimits = { items: 100, seconds: 30, characters: 256 * 1024 } as const;

/**
 * The part of the page that shows streams: as they come, up to {@link streamLimits}, with a button to stop. An operation is a stream if its answer can be
 * `text/event-stream`. What is shown meanwhile goes through swagger-ui's own state, so that headers, status and body are where they always are.
 */
export const streamsJs = `'use strict';
window.protogateStreams = (() => {
  const most = ${JSON.stringify(streamLimits)};
  const pauseMs = 100;
  const lines = /^(application\\/(x-ndjson|jsonl)|text\\/event-stream)\\b/;

  /** What is read or was, by operation: its note, and how to stop it while it is read. */
  const runs = new Map();
  const keyOf = ({ pathName, path, method }) => method + ' ' + (pathName ?? path);

  /** Where items end in a text: events with a number, lines, elements of an array. */
  const endsOf = (text, type) => {
    const ends = (pattern) => [...text.matchAll(pattern)].map((found) => found.index + found[0].length);
    if (type.startsWith('text/event-stream')) return ends(/^id: \\d+\\n(?:data: .*\\n)+\\n/gm);
    if (!text.startsWith('[')) return ends(/\\n/g);
    const between = ends(/,(?=\\n\\S)/g).map((end) => end - 1);
    return text.length > 2 && text.endsWith(']') ? [...between, text.length - 1] : between;
  };

  const count = (items) => items + (items === 1 ? ' item' : ' items');

  const leave = (key) => {
    const run = runs.get(key);
    runs.delete(key);
    if (run?.stop === undefined) return;
    run.left = true;
    run.stop();
  };

  const readInto = async (run, response, show) => {
    const type = response.headers.get('content-type') ?? '';
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (run.stop === undefined) return;
      run.text += decoder.decode(value, { stream: !done });
      const ends = endsOf(run.text, type);
      run.count = count(Math.min(ends.length, most.items));
      if (ends.length > most.items || (!done && (ends.length === most.items || run.text.length >= most.characters))) {
        run.text = run.text.slice(0, ends[most.items - 1]);
        return run.stop();
      }
      if (done) return run.end('Ended after ' + run.count + '.');
      show();
    }
  };

  const follow = (executing) => async (url, options) => {
    const key = keyOf(executing);
    const abort = new AbortController();
    const response = await fetch(url, { ...options, signal: abort.signal });
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || response.body === null || !(lines.test(type) || /json/.test(type))) return response;

    const headers = Object.fromEntries(response.headers);
    const run = {
      text: '',
      count: count(0),
      note: 'A stream: it is shown as it comes, up to ' + most.items + ' items, ' + most.characters / 1024 + ' Ki characters or ' + most.seconds + ' seconds.',
      end: (note) => {
        run.note = note;
        run.stop = undefined;
        clearTimeout(limit);
        clearTimeout(next);
        abort.abort();
      },
      stop: () => run.end('Stopped after ' + run.count + '.'),
    };
    const limit = setTimeout(() => run.end('Stopped after ' + most.seconds + ' seconds, with ' + run.count + '.'), most.seconds * 1000);
    let next;
    let shown = -Infinity;
    const show = () => {
      clearTimeout(next);
      const wait = shown + pauseMs - performance.now();
      if (wait > 0) {
        next = setTimeout(show, wait);
        return;
      }
      shown = performance.now();
      window.ui.specActions.setResponse(executing.pathName, executing.method, { url, status: response.status, headers, text: run.text });
    };
    runs.set(key, run);
    show();
    try {
      await readInto(run, response, show);
    } catch {
      if (run.stop !== undefined) run.end('Broken off after ' + run.count + ': the stream is not complete.');
    }
    // Nobody waits for it any more, and it must not take the place of what came after.
    if (run.left) return new Promise(() => {});
    return new Response(run.text, { status: response.status, statusText: response.statusText, headers });
  };

  const isStream = ({ spec, pathName, method }) =>
    spec?.paths?.[pathName]?.[method]?.responses?.['200']?.content?.['text/event-stream'] !== undefined;

  const isJson = (text) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  /** Lines are no JSON, nor is an array that was stopped: they are shown as they are. */
  const asText = ({ content, contentType = '' }) =>
    typeof content === 'string' && (lines.test(contentType) || (/json/i.test(contentType) && !isJson(content)));

  const plugin = (system) => {
    const element = system.React.createElement;
    return {
      statePlugins: {
        spec: {
          wrapActions: {
            executeRequest: (original) => (request) => {
              leave(keyOf(request));
              return original(request);
            },
            clearResponse: (original) => (path, method) => {
              leave(keyOf({ path, method }));
              return original(path, method);
            },
          },
        },
      },
      wrapComponents: {
        liveResponse: (Original) => (props) => {
          const run = runs.get(keyOf(props));
          if (run === undefined) return element(Original, props);
          const button = run.stop && element('button', { className: 'btn cancel', onClick: run.stop }, 'Stop');
          return element('div', null, element('div', { className: 'stream-note' }, element('p', null, run.note), button), element(Original, props));
        },
        responseBody: (Original) => (props) => element(Original, asText(props) ? { ...props, contentType: '' } : props),
      },
    };
  };

  const intercept = (request, executing) => {
    if (!request.loadSpec && executing !== undefined && isStream(executing)) request.userFetch = follow(executing);
    return request;
  };

  return { plugin, intercept };
})();
`;
