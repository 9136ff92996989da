import { Type } from 'typebox';
import { oneOf, path } from './terms.js';

/** The key `tls`. */
export const listenerTls = Type.Object(
  {
    cert: path('Certificate, PEM, with those between it and the root behind it.'),
    key: path('Private key of the certificate, PEM, without a password.'),
    clientCa: Type.Optional(path('Certificates of those who sign client certificates, PEM. Needs `clientCerts`.')),
    clientCerts: oneOf(
      'Whether clients have to show a certificate that `clientCa` has signed. `optional`: one that is shown must be right.',
      ['none', 'optional', 'required'],
    ),
  },
  {
    additionalProperties: false,
    description:
      'TLS 1.2 and later, on every address of `listen`. The files are followed as sources are: new connections get the new certificate, and a pair that is broken is refused while the old one serves. Unset: plaintext.',
  },
);
