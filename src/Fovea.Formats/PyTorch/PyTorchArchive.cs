namespace Fovea.Formats.PyTorch;

/// <summary>What torch.save wrote, or paddle.save in the same terms.</summary>
/// <param name="Format">The layout's name.</param>
/// <param name="Root">The pickled object.</param>
/// <param name="ReadStorage">Reads the whole storages that its tensors refer to.</param>
internal sealed record PyTorchArchive(string Format, object? Root, Func<PickleStorage, byte[]> ReadStorage)
{
    /// <summary>What writes such a file, for messages.</summary>
    internal string Writer { get; init; } = "torch.save(model.state_dict(), FILE)";

    /// <summary>What was done to get at the object, one sentence each.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];
}
