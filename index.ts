/** The catalogue and the vocabulary: no cloud SDK is loaded. See `palisade/aws`, `palisade/azure`, `palisade/policies`. */
export * from './constructs/contract';
export * from './constructs/fields';
export * from './controls';
