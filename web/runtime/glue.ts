/** The one door to what Emscripten generates from src/bindings (tools/build.mjs); the same glue serves both variants. */
export { default, type Engine, type MainModule } from '../../build/generated/glue.js';
