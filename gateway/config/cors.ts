import { list, text } from './terms.js';

/** The section `cors`. */
export const cors = {
  origins: list(
    'Origins whose web pages may send requests that change something (all but `GET`, `HEAD`, `OPTIONS` and `TRACE`) from another site, as browsers write them: `https://app.example.com`. Others are answered 403.',
    text('Origin, exactly.', {
      pattern: '^[a-z][a-z0-9+.-]*://[^/?#@\\s]+$',
      expected: 'an origin as browsers write it, such as https://app.example.com',
    }),
  ),
};
