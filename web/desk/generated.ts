/** The one door to the validator that ajv writes from policy.schema.json (tools/policy.mjs). */
export { default as validateSchema, type SchemaError } from '../../build/generated/policy_validator.js';
