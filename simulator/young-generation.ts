/**
 * Memory of a thread for objects that die young, in MiB. Node would let it grow with the machine to some 100 MiB a
 * thread, where messages that live for milliseconds fill it; this much is as fast.
 */
export const youngGenerationMiB = 24;
