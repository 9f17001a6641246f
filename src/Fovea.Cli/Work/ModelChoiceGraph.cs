using Fovea.Cli.Usage;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The model that a recipe names.</summary>
internal static class ModelChoiceGraph
{
    extension(TrainRecipe recipe)
    {
        /// <summary>The recipe with the model's own preprocessing where the data options have none, and with what the flags say.</summary>
        /// <exception cref="UsageException">There are not as many means or deviations as the model has channels.</exception>
        internal TrainRecipe Resolved(ModelRow row, PreprocessingChoice? flags = null)
        {
            try
            {
                return recipe with { Data = recipe.Data.Resolve(row.Preprocessing, flags) };
            }
            catch (PreprocessingException e)
            {
                throw new UsageException($"{row.Name}: {e.Message}", e);
            }
        }

        /// <summary>The inference graph of a resolved recipe for a batch size.</summary>
        internal Func<int, Graph> GraphOf(ModelRow row, int classes)
        {
            var model = recipe.Model;
            var options = new ModelOptions
            {
                Classes = classes,
                ImageSize = recipe.Data.ImageSize,
                DropRate = model.DropRate,
                DropPathRate = model.DropPathRate,
                NumBlocks = model.NumBlocks.Count > 0 ? model.NumBlocks : null,
                WidthMultiplier = model.WidthMultiplier.Count > 0 ? model.WidthMultiplier : null,
                Depth = model.Depth > 0 ? model.Depth : null,
                WidthFactor = model.WidthFactor > 0 ? model.WidthFactor : null,
            };
            return batch => row.Build(options, batch);
        }
    }
}
