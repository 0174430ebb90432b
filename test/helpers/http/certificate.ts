import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate that signs itself, with its key, as PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

const [SEQUENCE, SET, INTEGER, BITS, OCTETS, OID, UTF8, TIME, BOOLEAN] = [
  0x30, 0x31, 0x02, 0x03, 0x04, 0x06, 0x0c, 0x17, 0x01,
];
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const ALTERNATIVE_NAMES = '551d11';
const BASIC_CONSTRAINTS = '551d13';

/** DER: a tag, the length, and the parts (X.690). */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const long = [...Buffer.from(length.toString(16).padStart(4, '0'), 'hex')];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : [0x82, ...long])]), content]);
}

const oid = (hex: string) => der(OID, Buffer.from(hex, 'hex'));

/** `YYMMDDHHMMSSZ` */
function time(at: number): Buffer {
  return der(TIME, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
}

/** One for an IPv4 address or a name of DNS, valid from yesterday on for a week. */
export function certificateFor(host: string): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAddress = /^[\d.]+$/.test(host);
  const alternative = isAddress
    ? der(0x87, Buffer.from(host.split('.').map(Number)))
    : der(0x82, Buffer.from(host));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid(COMMON_NAME), der(UTF8, Buffer.from(host)))));
  const extensions = der(
    SEQUENCE,
    der(SEQUENCE, oid(ALTERNATIVE_NAMES), der(OCTETS, der(SEQUENCE, alternative))),
    der(SEQUENCE, oid(BASIC_CONSTRAINTS), der(OCTETS, der(SEQUENCE, der(BOOLEAN, Buffer.from([0xff]))))),
  );
  const algorithm = der(SEQUENCE, oid(ECDSA_WITH_SHA256));
  const day = 86_400_000;
  const signed = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1])),
    algorithm,
    name,
    der(SEQUENCE, time(Date.now() - day), time(Date.now() + 7 * day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = der(BITS, Buffer.from([0]), sign('sha256', signed, privateKey));
  const text = der(SEQUENCE, signed, algorithm, signature).toString('base64');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${text.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
