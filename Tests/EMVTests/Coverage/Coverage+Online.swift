extension Coverage {
    static let online = Section(
        "Online processing",
        [
            Group("OnlineTests", "The request to the issuer", OnlineTests.request),
            Group("OnlineTests", "Issuer authentication data", OnlineTests.issuer),
        ])
}
