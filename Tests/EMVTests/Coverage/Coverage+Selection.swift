extension Coverage {
    static let selection = Section(
        "Selection",
        [
            Group("SelectionTests", "The payment system environment", SelectionTests.directory),
            Group("SelectionTests", "The list of AIDs", SelectionTests.list),
            Group("SelectionTests", "Final selection", SelectionTests.choice),
            Group("SelectionTests", "File control information", SelectionTests.information),
        ])
}
