using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Sources;

namespace Fovea.Converting;

/// <summary>What a target is made of.</summary>
/// <param name="Model">The model with its weights, in the form that is written.</param>
/// <param name="Shipped">The same as a program loads it, for targets that hold a graph.</param>
/// <param name="Backend">What runs it.</param>
/// <param name="Tolerance">The largest relative difference that passes.</param>
public sealed record ConvertDraft(LoadedModel Model, FoveaModel Shipped, IBackend Backend, double Tolerance);
