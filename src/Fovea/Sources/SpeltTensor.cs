using Fovea.Tensors;

namespace Fovea.Sources;

/// <summary>A tensor of a file under the catalogue's name.</summary>
/// <param name="Source">What the file calls it; empty for one that it lacks because it would be zeros.</param>
/// <param name="Name">What the catalogue calls it.</param>
/// <param name="Given">Its type in the file.</param>
/// <param name="Tensor">Its numbers, in the shape that the catalogue has.</param>
/// <param name="IsTransposed">Whether it is a matrix whose rows and columns were exchanged.</param>
public sealed record SpeltTensor(string Source, string Name, TensorType Given, HostTensor Tensor, bool IsTransposed = false);
