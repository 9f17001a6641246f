namespace Fovea.Models.Building;

/// <summary>A model is asked for that the catalogue does not have, or options that the model cannot take.</summary>
public sealed class ModelException(string message) : Exception(message);
