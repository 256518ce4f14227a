/** The one door to what flatc generates from src/tasks/shards.fbs (tools/build.mjs). */
export * from '../../build/generated/schema/shards/aftersense/schema.js';
