// Acquiring
