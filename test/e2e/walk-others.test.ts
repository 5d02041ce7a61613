import { walkHalf } from './walk.ts';

walkHalf(1);
