/**
 * What tests make at random is the same in every run, so that a change is judged by itself and not by luck. Whoever looks for more
 * asks for another seed, `SEED=random npm test`; a failure names the seed that repeats it, `SEED=<number> npm test`.
 */
import fc from 'fast-check';

const { SEED = '20261122' } = process.env;
if (SEED !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(SEED) });
