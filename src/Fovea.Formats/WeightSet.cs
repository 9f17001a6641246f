using Fovea.Tensors;

namespace Fovea.Formats;

/// <summary>The weights that a file holds, by name and in the order of the file.</summary>
/// <param name="Tensors">Names, as PyTorch gives them to parameters and running statistics, and tensors.</param>
/// <param name="Format">
/// The format that was recognised: <c>safetensors</c>, <c>PyTorch (zip)</c>, <c>PyTorch (before 1.6)</c>, <c>Paddle (pickled arrays)</c> or <c>MindSpore</c>.
/// </param>
/// <param name="Metadata">Strings, numbers and truths that the file keeps beside the tensors.</param>
/// <param name="Notes">What was done to get at the tensors (wrappers entered, prefixes removed, entries left out), one sentence each.</param>
public sealed record WeightSet(
    IReadOnlyList<(string Name, HostTensor Tensor)> Tensors,
    string Format,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<string> Notes);
