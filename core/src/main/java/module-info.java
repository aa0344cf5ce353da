/**
 * Torpor's core: durable agents in a state folder.
 *
 * <p>Exported are the door, what is true, what can be asked, and what a store must do. The file
 * store and the seam to files are open to the testkit alone.
 */
module dev.torpor.core {
  requires com.fasterxml.jackson.annotation;
  requires com.fasterxml.uuid;
  requires com.github.luben.zstd_jni;
  requires org.slf4j;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires static transitive org.jspecify;

  exports dev.torpor;
  exports dev.torpor.rules;
  exports dev.torpor.state;
  exports dev.torpor.store;
  exports dev.torpor.store.transfer;
  exports dev.torpor.disk to
      dev.torpor.testkit;
  exports dev.torpor.store.file to
      dev.torpor.testkit;
  exports dev.torpor.store.file.journal to
      dev.torpor.testkit;
  exports dev.torpor.store.file.pack to
      dev.torpor.testkit;

  // Records are written and read as JSON.
  opens dev.torpor.rules to
      tools.jackson.databind;
  opens dev.torpor.state to
      tools.jackson.databind;
  opens dev.torpor.store.file to
      tools.jackson.databind;
  opens dev.torpor.store.file.pack to
      tools.jackson.databind;
}
