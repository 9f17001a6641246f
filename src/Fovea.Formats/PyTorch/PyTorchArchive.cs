namespace Fovea.Formats.PyTorch;

/// <summary>What torch.save wrote: the layout's name, the pickled object, and a way to read the whole storages that its tensors refer to.</summary>
internal sealed record PyTorchArchive(string Format, object? Root, Func<PickleStorage, byte[]> ReadStorage);
