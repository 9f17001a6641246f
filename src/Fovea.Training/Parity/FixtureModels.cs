using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Training.Parity;

/// <summary>What fixtures of whole models need that this room does not know: the catalogue, and the generator of their tensors.</summary>
/// <param name="RepOpt">Builds a RepOpt-VGG, under the authors' names.</param>
/// <param name="Filled">A tensor by rule, shape and seed; the rule <c>input</c> fills images.</param>
public sealed record FixtureModels(Func<RepOptModel, Graph> RepOpt, Func<string, Shape, ulong, HostTensor> Filled);
