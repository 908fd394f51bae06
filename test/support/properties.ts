/** The gate must give the same answer for the same source: property tests draw from one seed here, from any other with FEEDER_SEED. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['FEEDER_SEED'] ?? 20_261_124) });
