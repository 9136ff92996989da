/**
 * HTTP methods that a rule may name: those Node's parser accepts (https://nodejs.org/api/http.html#httpmethods), without CONNECT, whose target is
 * not a path. QUERY needs Node 22.
 */
const methods: ReadonlySet<string> = new Set(
  (
    'ACL BIND CHECKOUT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY OPTIONS PATCH POST PROPFIND ' +
    'PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE'
  ).split(' '),
);

/** Whether a rule may be for this method; `*` stands for every one that is not bound otherwise. */
export function isBindableMethod(method: string): boolean {
  return method === '*' || methods.has(method);
}
