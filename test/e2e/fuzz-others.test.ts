import { fuzzHalf } from './fuzzing.ts';

fuzzHalf(1);
