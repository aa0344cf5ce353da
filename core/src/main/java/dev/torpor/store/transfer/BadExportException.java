package dev.torpor.store.transfer;

import java.io.IOException;

/** What is read is no export, or not a whole one as it was written. The message says where. */
public final class BadExportException extends IOException {
  private static final long serialVersionUID = 1L;

  BadExportException(String message) {
    super(message);
  }

  BadExportException(String message, Throwable cause) {
    super(message, cause);
  }
}
