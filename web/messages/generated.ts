/** The one door to what flatc generates from src/bindings/messages.fbs (tools/build.mjs). */
export * from '../../build/generated/schema/messages/aftersense/schema.js';
