/** The file system as the export of packages has it: what survives a power cut there does here. */
export { type FileAccess, nodeFiles, systemCode, writeWhole } from '../onec/files.ts';
