import type { Config } from '../config/config.js';
import type { Incoming } from '../exchange/exchange.js';
import { compileSiteCheck } from './cross-site.js';

/** Lets a request in, or throws the `GatewayError` that it is answered with. */
export type Admit = (request: Incoming) => void;

/** Compiles who may, and how much: every stage that a request passes between its match and its composing, in order. */
export function compileAdmission({ cors }: Config): Admit {
  return compileSiteCheck(cors.origins);
}

/** Compiles the stage that asks nothing but which page a request comes from. */
export function compileSiteAdmission({ cors }: Config): Admit {
  return compileSiteCheck(cors.origins);
}
