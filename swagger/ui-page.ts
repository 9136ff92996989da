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
    <script src="./initializer.js?v=${version}"></script>
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Starts swagger-ui in the page. No validator: that would tell another host about the document. */
export const initializerJs = `'use strict';
(() => {
  const root = document.getElementById('swagger-ui');
  window.ui = SwaggerUIBundle({
    url: new URL(root.dataset.document, location.href).href,
    domNode: root,
    presets: [SwaggerUIBundle.presets.apis],
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
