package dev.torpor.testkit;

import dev.torpor.store.StateStore;

class MemoryStoreTest extends StateStoreContract {
  @Override
  protected StateStore open() {
    return new MemoryStore();
  }

  @Override
  protected StateStore reopen(StateStore store) {
    return ((MemoryStore) store).reopened();
  }
}
