import Testing

/// Everything with real programs, real pcscd, real TLS, real files and real kills. One card slot: one test at a time.
@Suite(.serialized, .timeLimit(.minutes(1))) enum WholeTerminal {}
