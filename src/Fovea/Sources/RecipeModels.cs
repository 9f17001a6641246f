using Fovea.Recipes;
using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;

namespace Fovea.Sources;

/// <summary>The model that a recipe chooses, by its name in the catalogue or by its source.</summary>
public static class RecipeModels
{
    extension(TrainRecipe recipe)
    {
        /// <summary>
        /// Reads the model, with the preprocessing of the recipe where it says something. A run that is gone on with has the graph that its checkpoint keeps,
        /// unless the recipe now chooses another model.
        /// </summary>
        /// <param name="from">The checkpoint that is gone on from; null where a run begins.</param>
        /// <param name="options">Alternatives of recipes, and whom to tell what was done; the defaults if null.</param>
        /// <exception cref="ModelSourceException">There is no such model, or it cannot take images of the recipe's size.</exception>
        /// <exception cref="Fovea.Models.Building.ModelException">The catalogue has no such model, or it cannot be built so.</exception>
        /// <exception cref="Formats.ModelFormatException">The file of the model is damaged.</exception>
        public LoadedModel OpenModel(Checkpoint? from = null, LoadOptions? options = null)
        {
            options = (options ?? new()) with { Images = recipe.Data.Choice, Preprocess = recipe.Model.Preprocess };
            if (from is { Facts.Graph.Length: > 0 } && IsSameModel(recipe.Model, from, options.Kinds)) return RunSource.Of(from, options);
            var model = recipe.Model.Source.Length > 0
                ? ModelSource.LoadAny(
                    recipe.Model.Source, options with { Weights = recipe.Model.Weights, WeightsKey = recipe.Model.WeightsKey, TakesBeside = false })
                : CatalogueSource.Load(recipe.Model, options);
            return model.Preprocessing.Height == model.Preprocessing.Width
                ? model
                : throw new ModelSourceException(
                    $"{model.Origin}: takes images of {model.Preprocessing.Height}×{model.Preprocessing.Width}; "
                    + "training wants squares: data.image_size says one");
        }

        /// <summary>The recipe with the names of the model and of its published weights, where it is of the catalogue, and its preprocessing.</summary>
        /// <param name="model">What <c>OpenModel</c> gave.</param>
        public TrainRecipe ResolvedFor(LoadedModel model) => recipe with
        {
            Data = recipe.Data.Resolve(model.Preprocessing),
            Model = recipe.Model.Source.Length > 0 ? recipe.Model : Named(recipe.Model),
        };

        /// <summary>The model for the classes of the data, with the weights that training starts from.</summary>
        /// <param name="model">What <c>OpenModel</c> gave.</param>
        /// <param name="classes">The names of the data's classes, by number.</param>
        /// <param name="options">Where published weights are kept, and whom to tell what was done to get at weights; the defaults if null.</param>
        /// <exception cref="ModelSourceException">The weights are others than the model's, or a classifier that has to be replaced cannot be found.</exception>
        /// <exception cref="Data.Sources.DataException">Published weights cannot be fetched.</exception>
        public LoadedModel StartOf(LoadedModel model, IReadOnlyList<string> classes, LoadOptions? options = null)
        {
            options = (options ?? new()) with { Images = recipe.Data.Choice };
            if (recipe.Model.Pretrained.Length > 0 && model.Tensors.Count == 0)
                model = CatalogueSource.Load(recipe.Model, options with { Pretrained = recipe.Model.Pretrained });
            var start = model.ForClasses(classes, fresh: recipe.Model.SkipClassifier && model.Tensors.Count > 0);
            return recipe.Model.Weights.Length > 0 && start.Tensors.Count == 0
                ? start with { Tensors = CatalogueSource.WeightsOf(recipe.Model, start.Graph(1), options.Note) }
                : start;
        }
    }

    /// <summary>A choice with the names that it comes to.</summary>
    private static ModelChoice Named(ModelChoice choice) =>
        choice with { Name = CatalogueSource.NameOf(choice), Pretrained = CatalogueSource.PublishedOf(choice)?.Name ?? "" };

    /// <summary>Whether a checkpoint is of the model that is chosen; what weights it began with is no part of that.</summary>
    private static bool IsSameModel(ModelChoice choice, Checkpoint from, RecipeKinds kinds)
    {
        string Text(ModelChoice model)
        {
            var name = model.Source.Length == 0 ? CatalogueSource.NameOf(model) : null;
            var plain = model with { Name = name, Weights = "", WeightsKey = "", Pretrained = "", Preprocess = "", SkipClassifier = false, Init = [] };
            return RecipeWriter.Write(new TrainRecipe { Model = plain });
        }

        return Text(choice) == Text(RecipeReader.Parse(from.Facts.Recipe, $"{from.Path} (recipe)", kinds).Model);
    }
}
