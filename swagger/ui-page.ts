/**
 * The page: swagger-ui's parts without a top bar, everything by relative path. `data-document` says where the document is.
 *
 * @param title plain text
 * @param document path from the page to the document
 * @param version changes with the assets, which are cached by it; letters and digits
 */
export function indexHtml(title: string, document: string, version: string): string {
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <link rel="stylesheet" href="./swagger-ui.css?v=${version}">
    <link rel="stylesheet" href="./index.css?v=${version}">
    <link rel="icon" type="image/png" href="./favicon-32x32.png?v=${version}" sizes="32x32">
    <link rel="icon" type="image/png" href="./favicon-16x16.png?v=${version}" sizes="16x16">
  </head>
  <body>
    <div id="swagger-ui" data-document="${escapeHtml(document)}"></div>
    <script src="./swagger-ui-bundle.js?v=${version}"></script>
    <script src="./streams.js?v=${version}"></script>
    <script src="./initializer.js?v=${version}"></script>
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Starts swagger-ui in the page. No validator: that would tell another host about the document. Slashes in a parameter of several segments are
 * sent as they are, which OpenAPI cannot ask for, so swagger-ui encodes them: `x-multi-segment` marks such parameters.
 */
export const initializerJs = `'use strict';
(() => {
  const root = document.getElementById('swagger-ui');
  let executing;

  const noteExecution = (original) => (request) => {
    executing = request;
    return original(request);
  };

  const keepSlashes = (request) => {
    const { spec, pathName, method } = request.loadSpec ? {} : (executing ?? {});
    const parameters = spec?.paths?.[pathName]?.[method]?.parameters ?? [];
    const multi = new Set(parameters.filter((one) => one['x-multi-segment']).map((one) => '{' + one.name + '}'));
    if (multi.size === 0) return request;
    const parts = pathName.split(/(\\{[^}]*\\})/);
    const pattern = parts.map((part) => (part.startsWith('{') ? '([^/?#]*)' : '(' + part.replace(/[^\\w/]/g, '\\\\$&') + ')'));
    const found = new RegExp('^([^?#]*?)' + pattern.join('') + '([?#].*)?$').exec(request.url);
    if (found === null) return request;
    const [, base, ...rest] = found;
    const kept = parts.map((part, i) => (multi.has(part) ? rest[i].replace(/%2F/gi, '/') : rest[i]));
    request.url = [base, ...kept, rest[parts.length] ?? ''].join('');
    return request;
  };

  window.ui = SwaggerUIBundle({
    url: new URL(root.dataset.document, location.href).href,
    domNode: root,
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [{ statePlugins: { spec: { wrapActions: { executeRequest: noteExecution } } } }, protogateStreams.plugin],
    requestInterceptor: (request) => protogateStreams.intercept(keepSlashes(request), executing),
    layout: 'BaseLayout',
    validatorUrl: null,
    deepLinking: true,
    filter: true,
    tryItOutEnabled: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
  });
})();
`;
