const SAMPLE_KEY = {
  kty: "EC",
  x: "bsjt3PiBCRcb_6dMR5W34ABZG9p2QhxTUkSOvjxIeUM",
  y: "NgkUybS0dQ_n7H2qxFSsuh6_BjIX278IdhGJjnh2Sfk",
  crv: "P-256",
  kid: "sample",
  alg: "ES256",
  use: "sig",
};

/**
 * The issuer of the token that the sample events carry: it is for `tenant_acme`, holds every scope and expires in 2100. Its
 * private key was thrown away after it had signed that one, so that no other token is taken where this one is.
 */
export const SAMPLE_TOKENS = {
  TOKEN_ISSUER: "https://issuer.example.com",
  TOKEN_AUDIENCE: "client",
  TOKEN_KEYS_URL: `data:application/json,${encodeURIComponent(JSON.stringify({ keys: [SAMPLE_KEY] }))}`,
  SCOPE_PREFIX: "",
} as const;
