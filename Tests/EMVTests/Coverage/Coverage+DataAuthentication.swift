extension Coverage {
    static let dataAuthentication = Section(
        "Offline data authentication",
        [
            Group("DataAuthenticationTests", "Methods of data authentication", DataAuthenticationTests.methods),
            Group(
                "DataAuthenticationTests", "Everything that does not fit fails the method",
                DataAuthenticationTests.failures),
            Group(
                "DataAuthenticationTests", "A missing object is told apart from a failure", DataAuthenticationTests.gaps
            ),
            Group("DataAuthenticationTests", "Signatures over cryptograms", DataAuthenticationTests.combined),
        ])
}
