package dev.torpor.store.file.pack;

/** Stands for a file that is not there, as {@link Contents} of which nothing can be told. */
final class MissingFile implements Contents {

  @Override
  public int next() throws BadLineException {
    throw new BadLineException("the file is missing");
  }

  @Override
  public boolean skip() {
    return false;
  }

  @Override
  public byte[] bytes() {
    return new byte[0];
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public long storedPosition(long packPosition) {
    return 0;
  }

  @Override
  public StoredFile stored() {
    return StoredFile.NONE;
  }

  @Override
  public void close() {}
}
