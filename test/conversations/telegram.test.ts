import { testTranscripts } from '../support/transcript/files.ts';

testTranscripts('telegram');
